// Sends a message of LunaDefend's protocol to the frame, and returns the reply.
const got = [];
addEventListener('message', ({ data }) => got.push(JSON.parse(data)));
function send(vault, command, data) {
  const correlationToken = crypto.randomUUID();
  frames[0].postMessage(JSON.stringify({ command, correlationToken, data }), vault);
  return new Promise((resolve) => addEventListener('message', ({ data }) => {
    const reply = JSON.parse(data);
    if (reply.correlationToken === correlationToken) resolve(reply.data);
  }));
}
