package io.weir.certs;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version this jar was built as. */
final class JarVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(JarVersion.class.getPackage().getImplementationVersion())
                .orElse("(not from a jar)");
        return new String[] {"weir " + version};
    }
}
