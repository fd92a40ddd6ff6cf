package io.weir.service.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The most bytes that the body of this call may have; {@value #USUAL} where nothing is said. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface BodyLimit {
    int USUAL = 64 * 1024;
    int POOL_DOCUMENT = 512 * 1024;

    int value();
}
