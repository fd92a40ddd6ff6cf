package io.weir.api.client;

/** The value of a call that answers nothing but that it is done, or will be. */
public enum Done {
    DONE
}
