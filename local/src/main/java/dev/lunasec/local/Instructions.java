package dev.lunasec.local;

import java.net.URI;
import java.nio.file.Path;

/** What a person can do with the running system, as lines to paste. */
final class Instructions {
    private Instructions() {}

    static String text(URI tokenizer, URI application, URI store, Path kubeconfig, Path kubectl, String namespace) {
        return """

                The vault is ready.

                  tokenizer         %1$s
                  demo application  %2$s
                  object store      %3$s
                  kubectl           export KUBECONFIG=%4$s
                                    %5$s get tokenizers -n %6$s -o wide

                A JWT, a secret that is stored, and the same secret read back; paste the lines one after the other:

                  JWT=$(curl -s '%2$s/demo/token?kind=user&session=me')
                  A=$(curl -s %1$s/tokenize -H "authorization: $JWT" -H 'content-type: application/json' -d '{}'); \
                TOKEN=$(echo "$A" | sed 's/.*"tokenId":"\\([^"]*\\)".*/\\1/'); \
                echo "$A" | tr '{}' '\\n\\n' | grep x-amz-server | tr ',' '\\n' | sed 's/^"\\([^"]*\\)":"\\(.*\\)"$/-H "\\1: \\2"/' | grep -v 'host:' \
                | xargs curl -s -X PUT --data-binary 'my secret' "$(echo "$A" | sed 's/.*"uploadUrl":"\\([^"]*\\)".*/\\1/')"; echo "$TOKEN"
                  B=$(curl -s %1$s/detokenize -H "authorization: $JWT" -H 'content-type: application/json' -d "{\\"tokenId\\":\\"$TOKEN\\"}"); \
                echo "$B" | tr '{}' '\\n\\n' | grep x-amz-server | tr ',' '\\n' | sed 's/^"\\([^"]*\\)":"\\(.*\\)"$/-H "\\1: \\2"/' | grep -v 'host:' \
                | xargs curl -s "$(echo "$B" | sed 's/.*"downloadUrl":"\\([^"]*\\)".*/\\1/')"; echo

                The addresses stand in .run/env as well. Ctrl-C stops all and leaves nothing behind.
                """.formatted(tokenizer, application, store, kubeconfig, kubectl, namespace);
    }
}
