package io.weir.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CertsCommandTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    private InstantSource clock = InstantSource.fixed(NOW);

    @Test
    void an_authority_a_server_and_a_client_are_made_and_shown() throws Exception {
        assertThat(weir("init").code()).isZero();
        assertThat(weir("issue", "server", "--san", "adapter.example.com,10.0.0.7", "--san", "::1")
                        .code())
                .isZero();
        assertThat(weir("issue", "client", "--role", "operator", "--name", "anna", "--days", "3")
                        .code())
                .isZero();

        assertThat(names())
                .containsExactlyInAnyOrder(
                        "ca.pem",
                        "ca.key",
                        "adapter.example.com.pem",
                        "adapter.example.com.key",
                        "anna.pem",
                        "anna.key");
        Said table = weir("inspect");
        assertThat(table.code()).isZero();
        assertThat(table.out().lines().map(line -> line.replace(ca() + "/", "")).map(line -> line.split(" {2,}")))
                .satisfiesExactly(
                        head -> assertThat(head)
                                .containsExactly("FILE", "SUBJECT", "ROLE", "EXPIRES", "SHA-256 FINGERPRINT"),
                        authority -> assertThat(authority)
                                .startsWith("ca.pem", "CN=Weir fleet CA", "authority")
                                .contains("2035-12-30 00:00 UTC (in 3650 days)"),
                        server -> assertThat(server)
                                .startsWith(
                                        "adapter.example.com.pem",
                                        "CN=adapter.example.com",
                                        "server adapter.example.com,10.0.0.7,::1",
                                        "2026-01-08 00:00 UTC (in 7 days)"),
                        client -> assertThat(client)
                                .startsWith(
                                        "anna.pem",
                                        "CN=anna,OU=operator",
                                        "operator anna",
                                        "2026-01-04 00:00 UTC (in 3 days)"));
    }

    @Test
    void the_columns_of_the_table_stand_under_each_other() {
        weir("init");
        weir("issue", "client", "--role", "admin", "--name", "a-rather-long-name");

        List<String> lines = weir("inspect").out().lines().toList();

        int column = lines.getFirst().indexOf("EXPIRES");
        assertThat(lines.subList(1, lines.size())).allSatisfy(line -> assertThat(line.substring(column - 2, column + 3))
                .matches("  20\\d"));
    }

    @Test
    void a_certificate_that_ended_is_shown_as_ended() {
        weir("init");
        weir("issue", "client", "--role", "viewer", "--name", "v");
        clock = InstantSource.fixed(NOW.plus(Duration.ofDays(8)));

        assertThat(weir("inspect").out()).contains("2026-01-08 00:00 UTC (ENDED)");
    }

    @Test
    void the_fingerprint_is_the_one_every_other_tool_shows() throws Exception {
        weir("init");
        byte[] bytes = Pem.certificates(ca().resolve("ca.pem")).getFirst().getEncoded();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);

        assertThat(weir("inspect").out().strip()).endsWith(HexFormat.of().formatHex(digest));
    }

    @Test
    void keys_and_browser_files_are_for_their_owner_alone() throws IOException {
        Files.writeString(home.resolve("password"), "secret\n");
        weir("init");
        weir("issue", "server", "--san", "localhost");
        weir(
                "issue",
                "client",
                "--role",
                "admin",
                "--name",
                "eva",
                "--p12",
                "--password",
                "file:" + home + "/password");

        for (String name : List.of("ca.key", "localhost.key", "eva.key", "eva.p12")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ca().resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void a_browser_file_opens_with_its_password_and_holds_key_certificate_and_authority() throws Exception {
        Files.writeString(home.resolve("password"), "secret\n");
        weir("init");

        Said said = weir(
                "issue",
                "client",
                "--role",
                "admin",
                "--name",
                "eva",
                "--p12",
                "--password",
                "file:" + home + "/password");

        assertThat(said.code()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(Files.readAllBytes(ca().resolve("eva.p12"))), "secret".toCharArray());
        assertThat(store.getCertificateChain("weir")).hasSize(2);
        assertThat(Identity.of((X509Certificate) store.getCertificate("weir")))
                .contains(new Identity(Role.ADMIN, "eva"));
        assertThat(store.getKey("weir", "secret".toCharArray())).isEqualTo(Pem.key(ca().resolve("eva.key")));
    }

    @Test
    void a_file_that_exists_is_not_overwritten_unless_told_to() throws IOException {
        weir("init");
        weir("issue", "client", "--role", "viewer", "--name", "anna");
        String before = Files.readString(ca().resolve("anna.key"));

        Said refused = weir("issue", "client", "--role", "admin", "--name", "anna");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("anna.pem", "anna.key", "exist already", "--overwrite");
        assertThat(Files.readString(ca().resolve("anna.key"))).isEqualTo(before);

        assertThat(weir("issue", "client", "--role", "admin", "--name", "anna", "--overwrite")
                        .code())
                .isZero();
        assertThat(Files.readString(ca().resolve("anna.key"))).isNotEqualTo(before);
        assertThat(Identity.of(Pem.certificates(ca().resolve("anna.pem")).getFirst()))
                .contains(new Identity(Role.ADMIN, "anna"));
    }

    @Test
    void an_authority_is_never_overwritten() throws IOException {
        weir("init");
        String before = Files.readString(ca().resolve("ca.key"));

        Said again = weir("init");
        Said disguised = weir("issue", "client", "--role", "admin", "--name", "ca", "--overwrite");

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("exists already").contains("another directory");
        assertThat(disguised.code()).isEqualTo(2);
        assertThat(Files.readString(ca().resolve("ca.key"))).isEqualTo(before);
    }

    @Test
    void a_problem_is_told_without_a_stack_trace_below_another_root_too() {
        StringWriter err = new StringWriter();
        CommandLine root = new CommandLine(CommandLine.Model.CommandSpec.create())
                .addSubcommand(CertsCommand.commandLine(clock))
                .setErr(new PrintWriter(err));

        int code = root.execute("certs", "issue", "server", "--san", "a", "--dir", ca().toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).startsWith("there is no authority in ").hasLineCount(1);
    }

    @Test
    void issuing_without_an_authority_says_how_to_get_one() {
        Said said = weir("issue", "server", "--san", "localhost");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("there is no authority in " + ca()).contains("weir certs init");
        assertThat(ca()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "issue server                                            | --san",
                "issue server --san https://a,b:1                        | \"https://a\"",
                "issue server --san https://a,b:1                        | \"b:1\"",
                "issue server --san a --days 0                           | --days is 0: give 1 to 825",
                "issue server --san a --days many                        | --days",
                "issue server --san a --name ../x                        | --name",
                "issue client --name anna                                | --role",
                "issue client --role boss --name anna                    | viewer, monitor, autoscaler, operator or admin",
                "issue client --role admin                               | --name",
                "issue client --role admin --name a/b                    | 1 to 64 letters",
                "issue client --role admin --name a --p12 --password xyz | --password",
                "issue client --role admin --name a --p12 --password env:WEIR_NO_SUCH_THING | export it",
                "issue client --role admin --name a --p12 --password file:/no/such/file | /no/such/file",
                "init --years 99                                         | --years is 99",
                "init --yeasr 3                                          | --years",
                "isue                                                    | issue",
                "issue                                                   | server or client",
            })
    void a_wrong_call_exits_with_2_and_names_what_is_wrong_with_it(String call, String words) {
        Said said = weir(call.strip().split(" +"));

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains(words).doesNotContain("\tat ");
        assertThat(said.out()).isEmpty();
        assertThat(ca()).doesNotExist();
    }

    @Test
    void no_word_at_all_is_a_wrong_call_too() {
        CommandLine bare = CertsCommand.commandLine(clock);
        bare.setErr(new PrintWriter(new StringWriter()));

        assertThat(bare.execute()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "init", "issue", "issue server", "issue client", "inspect"})
    void every_command_explains_itself(String call) {
        StringWriter out = new StringWriter();
        CommandLine command = CertsCommand.commandLine(clock);
        command.setOut(new PrintWriter(out));

        assertThat(command.execute((call + " --help").strip().split(" +"))).isZero();

        assertThat(out.toString()).startsWith("Usage: certs " + call);
        assertThat(command.execute((call + " --version").strip().split(" +"))).isZero();
        assertThat(out.toString()).contains("weir ");
    }

    @Test
    void inspect_shows_what_it_can_and_then_says_what_it_could_not() throws IOException {
        weir("init");
        Files.writeString(ca().resolve("broken.pem"), "nothing");

        Said said = weir("inspect");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("authority");
        assertThat(said.err()).contains("broken.pem is not PEM text");
    }

    @Test
    void files_are_written_where_out_says() {
        weir("init");

        weir(
                "issue",
                "server",
                "--san",
                "*.example.com",
                "--out",
                home.resolve("a/b").toString());

        assertThat(home.resolve("a/b/_.example.com.pem")).exists();
        assertThat(home.resolve("a/b/_.example.com.key")).exists();
    }

    private record Said(int code, String out, String err) {}

    /** The last word of the command's path is followed by --dir, wherever its own options begin. */
    private Said weir(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = CertsCommand.commandLine(clock);
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        boolean takesDirectory = !words[words.length - 1].matches("issue|isue");
        Stream<String> directory = takesDirectory ? Stream.of("--dir", ca().toString()) : Stream.empty();
        int code = command.execute(Stream.concat(Stream.of(words), directory).toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private Path ca() {
        return home.resolve("ca");
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(ca())) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
