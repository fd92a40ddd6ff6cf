package io.weir.aws.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.weir.simulated.CloudJson;

/** What goes back over the wire. */
record Answer(int status, String type, String body) {
    static final String XML = "text/xml;charset=UTF-8";
    static final String AWS_JSON = "application/x-amz-json-1.1";

    static Answer xml(int status, Element document, String namespace) {
        return new Answer(status, XML, document.xml(namespace));
    }

    static Answer xml(int status, Element document) {
        return new Answer(status, XML, document.xml());
    }

    static Answer json(int status, String type, Object value) {
        try {
            return new Answer(status, type, CloudJson.STRICT.writeValueAsString(value));
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }
}
