package io.weir.openstack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection says of a file of authorities that it cannot use. */
class CertificateFileTest {
    @TempDir
    Path folder;

    @Test
    void a_file_without_a_certificate_is_refused_with_its_field_and_its_name() throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), "none\n");

        assertThatThrownBy(() -> CertificateFile.trust(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ca: " + file)
                .hasMessageContaining("-----BEGIN");
    }

    @Test
    void so_is_one_that_is_not_there() {
        Path file = folder.resolve("nowhere.pem");

        assertThatThrownBy(() -> CertificateFile.trust(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ca: " + file + " does not exist");
    }
}
