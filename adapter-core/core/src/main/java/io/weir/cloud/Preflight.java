package io.weir.cloud;

import java.util.List;

/** Whether a connection could serve a pool: looks at the cloud and changes nothing there. */
@FunctionalInterface
public interface Preflight {
    /**
     * One line for each endpoint (reached, refused, TLS), the credentials, each permission that can be tried without effect, what is
     * left of each quota, and the difference of the clocks. Asked once, may take as long as its calls; what goes wrong is a line and
     * not an exception, and one that depends on a failed one is SKIPPED.
     */
    List<Check> check();
}
