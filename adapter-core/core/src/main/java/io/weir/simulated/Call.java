package io.weir.simulated;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of call that a cloud takes; each has a throttle of its own. */
public enum Call {
    @JsonProperty("list")
    LIST,
    @JsonProperty("find")
    FIND,
    @JsonProperty("launch")
    LAUNCH,
    @JsonProperty("terminate")
    TERMINATE,
    @JsonProperty("tag")
    TAG,
    @JsonProperty("catalog")
    CATALOG
}
