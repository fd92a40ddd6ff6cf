package io.weir.simulated.http;

import java.time.Instant;

/** What a person reads at {@code GET /}. */
final class Help {
    private Help() {}

    static String text(Instant now) {
        return """
                A simulated cloud of Weir. Its clock says %s.

                  GET   /machines?pool=NAME[&pool=..][&page=..]  the machines of pools, as the cloud shows them
                  GET   /machines/ID                             one machine
                  GET   /catalog                                 zones, machine types with prices, images
                  POST  /launches, /terminations, /tags          what the driver calls

                  GET   /ledger                                  the truth: every machine ever launched, as JSON lines
                  POST  /judgement                               how a pool was kept, by the ledger
                  GET   /faults                                  how often each fault was injected, by call
                  GET   /dials                                   how the cloud behaves
                  PATCH /dials                                   turn some: {"lagSeconds": 30, "lostAnswers": 0.1}
                  POST  /machines/ID/kill                        a machine dies at once
                  POST  /machines/kill?count=N[&pool=NAME][&state=RUNNING]
                  GET   /health

                  curl -X PATCH -d '{"capacity": {"zone-a": 5}}' 127.0.0.1:PORT/dials
                """.formatted(now);
    }
}
