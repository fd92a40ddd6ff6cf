package io.weir.app;

import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import io.weir.journal.Bounds;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.reconcile.WatchSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * All that an adapter is built from.
 *
 * @param home where its store, its turn journal, its certificates and {@code run.json} are
 * @param managementPort 0: any free one
 * @param subjects roles of certificates that carry no fleet identity, by subject
 * @param pools the documents of the configuration file
 * @param resetFromFile the file's documents are applied again
 */
record AdapterSettings(
        Path home,
        String host,
        int port,
        String managementHost,
        int managementPort,
        TlsSettings tls,
        Map<String, Role> subjects,
        WatchSettings watch,
        Map<String, ConnectionPlan> connections,
        Bounds journal,
        Map<PoolName, PoolDocument> pools,
        boolean resetFromFile) {}
