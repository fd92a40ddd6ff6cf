package io.weir.certs;

import java.nio.file.Path;

/**
 * The three PEM files of one end of a mutual TLS connection.
 *
 * @param certificate our certificate, with its chain if it has one
 * @param key the key of that certificate
 * @param trust whom we believe: authorities, or the very certificates of the other end
 */
public record TlsSettings(Path certificate, Path key, Path trust) {}
