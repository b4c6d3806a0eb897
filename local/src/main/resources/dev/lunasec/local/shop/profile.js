const answer = await fetch('/api/profile');
const profile = await answer.json();

if (answer.ok) {
  document.querySelector('#name').textContent = `, ${profile.name}`;
  for (const text of document.querySelectorAll('secure-text')) text.token = profile.card;
  document.querySelector('secure-download').token = profile.scan;
  document.querySelector(profile.supportUntil ? '#revoke' : '#allow').hidden = false;
  if (profile.supportUntil) showTime(new Date(profile.supportUntil));
} else {
  const problem = document.querySelector('#problem');
  problem.textContent = profile.error;
  problem.hidden = false;
}

/** @param {Date} until */
function showTime(until) {
  const time = document.querySelector('#until');
  time.dateTime = until.toISOString();
  time.textContent = until.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  // The page is right again at the end of the time, when the vault refuses.
  setTimeout(() => location.reload(), until.getTime() - Date.now() + 1_000);
}
