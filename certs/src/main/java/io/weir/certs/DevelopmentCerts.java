package io.weir.certs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a first run, which nobody was asked for: an authority, a server and one client for each role.
 *
 * <ol>
 *   <li>{@code ca.pem} and {@code ca.key} live ten years; {@code server.pem} (localhost, 127.0.0.1, ::1) and
 *       {@code <role>.pem}, each with its {@code .key}, live 30 days.
 *   <li>What is absent is made, and what has fewer than ten days left is made again, as is a leaf that does not fit its
 *       key or its authority. The authority is renewed with its key before it could be outlived by a leaf.
 *   <li>A server or client certificate that another authority issued is somebody's wish and is left alone, like every
 *       other file in the directory.
 *   <li>Without {@code ca.key} nothing can be issued; that matters only when something has to be.
 *   <li>Two processes that start at once take turns.
 * </ol>
 *
 * @param directory where they are
 * @param issued the names of the files' owners that were issued by this call, for the log
 */
public record DevelopmentCerts(Path directory, List<String> issued) {
    private static final Duration LEAF_LIFE = Duration.ofDays(30);
    private static final Duration LEAF_LEFT = Duration.ofDays(10);
    private static final Duration AUTHORITY_LEFT = LEAF_LIFE.plusDays(1);
    private static final List<String> SERVER_NAMES = List.of("localhost", "127.0.0.1", "::1");
    private static final String AUTHORITY_NAME = "Weir development CA";
    private static final String SERVER = "server";

    public DevelopmentCerts {
        issued = List.copyOf(issued);
    }

    /** The clock is the real one: certificates do not know a scaled time. */
    public static synchronized DevelopmentCerts ensure(Path directory, InstantSource clock) {
        KeptFiles.directory(directory);
        try (FileChannel turn = FileChannel.open(
                        directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = turn.lock()) {
            return new DevelopmentCerts(directory, new Issuing(directory, clock).all());
        } catch (IOException e) {
            throw new CertsProblem(directory + " cannot be locked: " + e.getMessage(), e);
        }
    }

    public Path authority() {
        return directory.resolve(FleetCa.CERTIFICATE);
    }

    public TlsSettings server() {
        return pair(SERVER);
    }

    public TlsSettings client(Role role) {
        return pair(role.word());
    }

    private TlsSettings pair(String owner) {
        return new TlsSettings(directory.resolve(owner + ".pem"), directory.resolve(owner + ".key"), authority());
    }

    private static final class Issuing {
        private final Path directory;
        private final InstantSource clock;
        private final List<String> issued = new ArrayList<>();
        private @Nullable FleetCa authority;

        Issuing(Path directory, InstantSource clock) {
            this.directory = directory;
            this.clock = clock;
        }

        List<String> all() {
            X509Certificate anchor = anchor();
            leaf(anchor, SERVER, ca -> ca.issueServer(SERVER_NAMES, LEAF_LIFE));
            for (Role role : Role.values()) {
                leaf(anchor, role.word(), ca -> ca.issueClient(new Identity(role, role.word()), LEAF_LIFE));
            }
            return issued;
        }

        private X509Certificate anchor() {
            Path file = directory.resolve(FleetCa.CERTIFICATE);
            if (!Files.exists(file)) {
                issued.add("ca");
                authority = Files.exists(directory.resolve(FleetCa.KEY))
                        ? FleetCa.certify(directory, AUTHORITY_NAME, FleetCa.LIFE, clock)
                        : FleetCa.create(directory, AUTHORITY_NAME, FleetCa.LIFE, clock);
                return authority.certificate();
            }
            X509Certificate anchor = Pem.certificates(file).getFirst();
            if (!ends(anchor, AUTHORITY_LEFT)) {
                return anchor;
            }
            issued.add("ca");
            authority = FleetCa.load(directory, clock).renew(directory, FleetCa.LIFE);
            return authority.certificate();
        }

        private void leaf(X509Certificate anchor, String owner, Function<FleetCa, Issued> issue) {
            Path certificate = directory.resolve(owner + ".pem");
            Path key = directory.resolve(owner + ".key");
            if (good(anchor, certificate, key)) {
                return;
            }
            Issued fresh = issue.apply(authority(owner));
            KeptFiles.secret(key, fresh.keyPem().getBytes(StandardCharsets.US_ASCII), true);
            KeptFiles.open(certificate, fresh.certificatePem().getBytes(StandardCharsets.US_ASCII), true);
            issued.add(owner);
        }

        private boolean good(X509Certificate anchor, Path certificateFile, Path keyFile) {
            if (!Files.exists(certificateFile)) {
                return false;
            }
            X509Certificate leaf = Pem.certificates(certificateFile).getFirst();
            if (!leaf.getIssuerX500Principal().equals(anchor.getSubjectX500Principal())) {
                return true;
            }
            return Files.exists(keyFile)
                    && !ends(leaf, LEAF_LEFT)
                    && Pem.issued(anchor, leaf)
                    && Pem.belong(leaf.getPublicKey(), Pem.key(keyFile));
        }

        private boolean ends(X509Certificate certificate, Duration left) {
            Instant soon = clock.instant().plus(left);
            return certificate.getNotAfter().toInstant().isBefore(soon);
        }

        private FleetCa authority(String owner) {
            return Optional.ofNullable(authority).orElseGet(() -> {
                if (!Files.exists(directory.resolve(FleetCa.KEY))) {
                    throw new CertsProblem(directory.resolve(FleetCa.KEY) + " is gone, so the certificate of " + owner
                            + " cannot be issued: put the key back, or move " + directory + " away to begin anew");
                }
                FleetCa loaded = FleetCa.load(directory, clock);
                authority = loaded;
                return loaded;
            });
        }
    }
}
