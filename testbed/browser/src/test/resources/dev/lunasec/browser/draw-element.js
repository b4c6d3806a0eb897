// Draws an element in every way that pages have. Returns the ways that showed something of it.
async (element) => {
  const { width, height } = element.getBoundingClientRect();
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  const markup = async () => {
    const copy = element.cloneNode(true);
    Object.assign(copy.style, { border: 0, margin: 0, visibility: 'visible' });
    const inner = new XMLSerializer().serializeToString(copy);
    const image = new Image();
    image.src = 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="' + width
      + '" height="' + height + '"><foreignObject width="100%" height="100%">' + inner + '</foreignObject></svg>');
    await image.decode();
    return image;
  };
  const screen = async () => {
    const late = new Promise((_, reject) => setTimeout(reject, 3000));
    const stream = await Promise.race([navigator.mediaDevices.getDisplayMedia({ preferCurrentTab: true }), late]);
    const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
    await video.play();
    return video;
  };
  const ways = {
    drawImage: () => element,
    createImageBitmap: () => createImageBitmap(element),
    VideoFrame: () => new VideoFrame(element, { timestamp: 0 }),
    captureStream: () => element.captureStream(),
    foreignObject: markup,
    getDisplayMedia: screen,
  };
  const seen = [];
  for (const [way, source] of Object.entries(ways)) {
    try {
      brush.clearRect(0, 0, width, height);
      brush.drawImage(await source(), 0, 0);
      if (brush.getImageData(0, 0, width, height).data.some((part) => part !== 0)) seen.push(way);
    } catch { /* the browser refuses */ }
  }
  return seen;
}
