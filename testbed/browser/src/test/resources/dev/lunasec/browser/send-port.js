// Sends a port to a frame, and keeps what comes from it; says whether the frame is ready within that many milliseconds.
const got = [];
function send(frame, config = {}, wait = 30000) {
  const { port1, port2 } = new MessageChannel();
  frame.postMessage({ type: 'init', nonce: '0123456789abcdef', config }, '*', [port2]);
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      got.push(data);
      if (data.type === 'ready') resolve(true);
    };
    setTimeout(() => resolve(false), wait);
  });
}
