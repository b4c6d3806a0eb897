package dev.lunasec.local;

import java.net.URI;
import java.nio.file.Path;

/** What a person can do with the running system, as lines to paste. */
final class Instructions {
    private Instructions() {}

    static String shop(String origin) {
        return """

                The demo shop:  %s

                Sign up there as the customer, switch to the support clerk, and let support see the card. Each page has
                a panel with what the shop itself holds.
                """.formatted(origin);
    }

    static String text(URI tokenizer, URI application, URI store, Path kubeconfig, Path kubectl, String namespace) {
        return """

                The vault is ready.

                  tokenizer         %1$s
                  demo application  %2$s
                  object store      %3$s
                  kubectl           export KUBECONFIG=%4$s
                                    %5$s get tokenizers -n %6$s -o wide
                  logs              .run/system/operator.log, and .run/system/node/pods/<uid>/log;
                                    kubectl logs does not work here

                Three lines to paste, one after the other: a JWT; a value that is stored; the same value read back:

                  JWT=$(curl -s '%2$s/demo/token?kind=user&session=me')

                  A=$(curl -s %1$s/tokenize -H "authorization: $JWT" -H content-type:application/json \
                -d '{"size":8}'); \
                TOKEN=$(echo "$A" | grep -o 'lunasec-[0-9a-f-]*'); \
                echo "$A" | grep -o '"[^"]*":"[^"]*"' \
                | sed -nE 's/"(x-|if-)([^"]*)":"(.*)"/header = "\\1\\2: \\3"/p; s/"uploadUrl":/url = /p' \
                | curl -s -K - -X PUT -H content-type:text/plain -d 'my value'; echo $TOKEN

                  curl -s %1$s/detokenize -H "authorization: $JWT" -H content-type:application/json \
                -d '{"tokenId":"'$TOKEN'"}' \
                | grep -o '"[^"]*":"[^"]*"' \
                | sed -nE 's/"(x-)([^"]*)":"(.*)"/header = "\\1\\2: \\3"/p; s/"downloadUrl":/url = /p' \
                | curl -s -K -; echo

                The file .run/env has these addresses too.
                Ctrl-C, or SIGTERM if it runs in the background, stops everything and leaves nothing behind.
                """.formatted(tokenizer, application, store, kubeconfig, kubectl, namespace);
    }
}
