package dev.lunasec.contract;

/** The paths of the management port, which the kubelet and Prometheus call: every process of ours has one. */
public final class ManagementPaths {
    /** 200 while the process answers. */
    public static final String LIVE = "/livez";

    /** 200 while the process does its work, 503 otherwise. */
    public static final String READY = "/readyz";

    /** The metrics, in the format that the caller asks for. */
    public static final String METRICS = "/metrics";

    private ManagementPaths() {}
}
