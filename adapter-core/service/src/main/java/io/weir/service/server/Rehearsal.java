package io.weir.service.server;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * One handshake inside the process, between two ends with the same keys, so that the first client does not pay for loading and
 * compiling all of it. How it ends is of no interest: a server's certificate is often none that a client may show.
 */
final class Rehearsal {
    private static final int MOST_STEPS = 100;
    private static final int BUFFER = 64 * 1024;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer toClient = ByteBuffer.allocate(BUFFER);

    private Rehearsal(SSLContext context) {
        client = context.createSSLEngine();
        client.setUseClientMode(true);
        server = context.createSSLEngine();
        server.setUseClientMode(false);
        server.setNeedClientAuth(true);
    }

    static void of(SSLContext context) {
        try {
            new Rehearsal(context).run();
        } catch (SSLException expected) {
            // The path was walked, which is all that is wanted.
        }
    }

    private void run() throws SSLException {
        for (int step = 0; step < MOST_STEPS && !(done(client) && done(server)); step++) {
            step(client, toServer, toClient);
            step(server, toClient, toServer);
        }
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && engine.getSession().isValid();
    }

    private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        SSLEngineResult wrapped = engine.wrap(ByteBuffer.allocate(0), out);
        tasks(engine, wrapped);
        in.flip();
        while (in.hasRemaining()) {
            SSLEngineResult unwrapped = engine.unwrap(in, ByteBuffer.allocate(BUFFER));
            tasks(engine, unwrapped);
            if (unwrapped.bytesConsumed() == 0) {
                break;
            }
        }
        in.compact();
    }

    private static void tasks(SSLEngine engine, SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
    }
}
