package io.weir.cloud;

import io.weir.service.json.Fields;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that one cloud brings to an adapter; the rest of an adapter is the same on every cloud.
 *
 * <ol>
 *   <li>Reading is strict and tells of everything at once: each field is asked of {@link Fields}, a broken rule is a
 *       {@link Fields#problem}, and nothing is thrown. What is not asked for is unknown and refused.
 *   <li>Reading calls no cloud. An adapter starts while its cloud is down.
 *   <li>Secrets are references ({@link Fields#optionalSecret}), or stay in the files that the cloud's users have already.
 * </ol>
 */
public interface Cloud {
    /** The word for it: in {@code weir adapter NAME}, {@code cloud: NAME} of a configuration, and for the section of a pool document. */
    String name();

    /** A configuration that somebody could begin with, as YAML: shown to those who start an adapter without one. */
    String example();

    /**
     * The cloud's own section of a pool document: asks for each field that it may have, whatever a connection thinks of the values.
     * The same text reaches {@code CloudDriver.resolve} as {@code PoolDocument.section()}.
     */
    void section(Fields section);

    /**
     * One entry of {@code connections:}. The field {@code limits} is the core's own.
     *
     * @param folder where the configuration file is: paths in it are relative to that
     */
    ConnectionSettings connection(Fields connection, Path folder);

    /** The connection of an adapter whose configuration names none; empty: there has to be one. */
    default Optional<ConnectionSettings> usual() {
        return Optional.empty();
    }
}
