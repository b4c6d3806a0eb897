import { useSyncExternalStore } from 'react';
import type { FieldState, SecureInput } from 'tokenizer-components';
import type {} from 'tokenizer-components/react';

const TEXTS = { required: 'Bitte ausfüllen.' };

/** Two fields. A server renders the first one; the other one appears in the browser, as frame/README.md advises. */
export function Profile() {
  const isBrowser = useIsBrowser();
  return (
    <>
      <secure-input name="of-server" texts={TEXTS} onchange={keep} />
      {isBrowser && <secure-input name="of-browser" texts={TEXTS} onchange={keep} />}
    </>
  );
}

/** False on a server and while React hydrates what the server rendered. */
function useIsBrowser() {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}

/** Shows the test which field was heard. It is the same function each time, so React never sets it anew. */
function keep(event: CustomEvent<FieldState>) {
  document.body.dataset.heard = (event.currentTarget as SecureInput).name;
}
