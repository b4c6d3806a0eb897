// Calls a route in every way that pages have, and returns everything that the page can read of the answers.
async ([url, body]) => {
  const read = [];
  const attempt = async (action) => {
    try { read.push(String(await action())); } catch (thrown) { read.push(String(thrown)); }
  };
  // When the answer is there, the window is of another origin, and its address cannot be read.
  const left = async (window) => {
    const deadline = performance.now() + 2000;
    while (performance.now() < deadline) {
      try { if (window.location.href !== 'about:blank') return; } catch { return; }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const types = ['text/plain', 'application/json', 'application/x-www-form-urlencoded'];
  const requests = [];
  for (const mode of ['cors', 'no-cors']) {
    for (const type of types) {
      const headers = { 'content-type': type };
      requests.push({ method: 'POST', mode, credentials: 'include', body, headers });
    }
  }
  for (const request of requests) await attempt(async () => (await fetch(url, request)).text());
  await attempt(() => navigator.sendBeacon(url, body));
  await attempt(() => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.withCredentials = true;
    request.setRequestHeader('content-type', 'text/plain');
    request.onloadend = () => resolve(request.responseText);
    request.send(body);
  }));
  const worker = await navigator.serviceWorker.register('/worker.js');
  await navigator.serviceWorker.ready;
  for (const request of requests) {
    await attempt(() => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      worker.active.postMessage([url, request], [port2]);
    }));
  }
  for (const target of ['hidden', 'popup']) {
    await attempt(async () => {
      const frame = document.createElement('iframe');
      frame.name = 'hidden';
      document.body.append(frame);
      const popup = target === 'popup' ? open('about:blank', 'popup') : frame.contentWindow;
      const form = document.createElement('form');
      Object.assign(form, { action: url, method: 'post', enctype: 'text/plain', target });
      const field = document.createElement('input');
      Object.assign(field, { name: body.slice(0, -1) + ',"x":"', value: '"}' });
      form.append(field);
      document.body.append(form);
      form.submit();
      await left(popup);
      return popup.document.documentElement.textContent;
    });
  }
  return read.join('\n');
}
