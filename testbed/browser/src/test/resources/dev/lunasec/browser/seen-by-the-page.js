async () => {
  const seen = [document.cookie, location.href, JSON.stringify(history.state), window.name,
    ...performance.getEntries().map((entry) => entry.name),
    ...Object.entries(localStorage).flat(), ...Object.entries(sessionStorage).flat(),
    ...(window.messages ?? [])];
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const records = await done(database.transaction(store).objectStore(store).getAll());
      seen.push(name, store, JSON.stringify(records));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) seen.push(name, request.url, await (await cache.match(request)).text());
  }
  const walk = (root) => {
    seen.push(root.innerHTML ?? root.documentElement.outerHTML);
    for (const element of root.querySelectorAll('*')) {
      seen.push(String(element.value ?? ''), ...Object.keys(element).map((key) => String(element[key])));
      if (element.shadowRoot) walk(element.shadowRoot);
      let inner = null;
      try { inner = element.contentDocument; } catch { /* of another origin */ }
      if (inner) walk(inner);
    }
  };
  walk(document);
  return seen;
}
