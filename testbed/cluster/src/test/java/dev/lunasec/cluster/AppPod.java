package dev.lunasec.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A pod of the application.
 *
 * @param serviceAccount whose token it comes with
 * @param labelled whether it says that it calls the vault
 * @param behindAgent whether the agent beside it does the talking
 */
record AppPod(String serviceAccount, boolean labelled, boolean behindAgent) {
    static final AppPod USUAL = new AppPod("backend", true, false);

    Pod pod(String name, String... arguments) {
        String quoted = Arrays.stream(arguments).map(a -> '"' + a + '"').collect(Collectors.joining(", "));
        String yaml = """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  namespace: %s
                  labels: {app: backend%s}
                spec:
                  restartPolicy: Never
                  serviceAccountName: %s
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 1
                  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
                %s
                  containers:
                  - name: app
                    image: %s
                    imagePullPolicy: IfNotPresent
                    args: [%s]
                    resources: {requests: {cpu: 200m, memory: 128Mi}}
                    env:
                %s
                    - {name: TRUSTED, value: /etc/authorities/ca.crt}
                    securityContext:
                      allowPrivilegeEscalation: false
                      capabilities: {drop: [ALL]}
                      readOnlyRootFilesystem: true
                    volumeMounts:
                    - {name: token, mountPath: /var/run/tokenizer}
                    - {name: authorities, mountPath: /etc/authorities}
                    - {name: tmp, mountPath: /tmp}
                  volumes:
                  - name: token
                    projected:
                      sources:
                      - serviceAccountToken: {path: token, audience: tokenizer/%s/vault, expirationSeconds: 600}
                  - {name: authorities, configMap: {name: authorities}}
                  - {name: tmp, emptyDir: {}}
                """.formatted(
                        name,
                        Cluster.APP,
                        labelled ? ", lunasec.dev/tokenizer-client: vault" : "",
                        serviceAccount,
                        behindAgent ? agent() : "",
                        image("APP_IMAGE", "tokenizer-cluster"),
                        quoted,
                        behindAgent
                                ? "    - {name: TOKENIZER_URL, value: \"http://127.0.0.1:37766\"}"
                                : "    - {name: TOKENIZER_URL, value: \"" + url() + "\"}\n"
                                        + "    - {name: TOKEN_FILE, value: /var/run/tokenizer/token}",
                        Cluster.VAULT);
        return new KubernetesSerialization().unmarshal(yaml, Pod.class);
    }

    static String url() {
        return "https://vault." + Cluster.VAULT + ".svc:37766";
    }

    private static String agent() {
        return """
                  initContainers:
                  - name: tokenizer-agent
                    image: %s
                    imagePullPolicy: IfNotPresent
                    args: [agent]
                    restartPolicy: Always
                    env:
                    - {name: TOKENIZER_URL, value: "%s"}
                    - {name: TOKENIZER_TOKEN_FILE, value: /var/run/tokenizer/token}
                    - {name: TOKENIZER_CA, value: /etc/authorities/ca.crt}
                    startupProbe: {httpGet: {path: /readyz, port: 9090}, periodSeconds: 1, failureThreshold: 60}
                    securityContext:
                      allowPrivilegeEscalation: false
                      capabilities: {drop: [ALL]}
                      readOnlyRootFilesystem: true
                    volumeMounts:
                    - {name: token, mountPath: /var/run/tokenizer}
                    - {name: authorities, mountPath: /etc/authorities}
                    - {name: tmp, mountPath: /tmp}
                """.formatted(image("TOKENIZER_IMAGE", "tokenizer"), url()).stripTrailing();
    }

    private static String image(String variable, String otherwise) {
        return Cluster.setting(variable, otherwise) + ":" + Cluster.setting("IMAGE_TAG", "test");
    }
}
