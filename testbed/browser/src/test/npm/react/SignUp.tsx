import { useEffect, useState } from 'react';
import type {} from 'tokenizer-components/react';
import { type Status, sendToShop, sentence } from '../status.ts';

const METADATA = { country: 'DE' };
const TEXTS = { required: 'Bitte ausfüllen.' };

/** A form with fields that the user reorders, removes and adds. */
export function SignUp() {
  const [names, setNames] = useState(['passport', 'licence']);
  const [statuses, setStatuses] = useState<Record<string, Status | undefined>>({});
  const [token, setToken] = useState<string | null>(null);
  useEffect(countMounts, []);

  function note(name: string, news: Status) {
    setStatuses((before) => ({ ...before, [name]: { ...before[name], ...news } }));
  }

  function remove(name: string) {
    setNames(names.filter((each) => each !== name));
    setStatuses((before) => ({ ...before, [name]: undefined }));
  }

  async function send(values: FormData) {
    await sendToShop(values);
    setToken(String(values.get('passport')));
  }

  return (
    <>
      <secure-form>
        <form action={send}>
          {names.map((name) => (
            <div key={name}>
              <label>
                {name}
                <secure-input
                  name={name}
                  required
                  texts={TEXTS}
                  metadata={METADATA}
                  onchange={(event) => note(name, { state: event.detail })}
                  ontoken={(event) => note(name, { isStored: event.detail.token !== null })}
                />
              </label>
              <output>{sentence(statuses[name])}</output>
            </div>
          ))}
          <button>Send</button>
        </form>
      </secure-form>
      <button onClick={() => setNames(names.toReversed())}>Reverse</button>
      <button onClick={() => remove('passport')}>Remove</button>
      <button onClick={() => setNames([...names, 'passport'])}>Add</button>
      {token && <secure-text token={token} reveal={false} />}
    </>
  );
}

/** Shows the test that StrictMode mounts this twice. */
function countMounts() {
  document.body.dataset.mounts = `${Number(document.body.dataset.mounts ?? 0) + 1}`;
}
