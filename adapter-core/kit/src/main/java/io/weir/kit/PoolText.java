package io.weir.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.weir.cloud.Cloud;
import io.weir.http.Documents;
import io.weir.pool.PoolDocument;
import io.weir.service.json.Fields;

/** A pool document from YAML, as people write it and as an adapter of this cloud reads it. */
public final class PoolText {
    private PoolText() {}

    /** @throws io.weir.service.error.ApiException the adapter would refuse it */
    public static PoolDocument read(Cloud cloud, String yaml) {
        Documents documents = new Documents(cloud.name(), cloud::section);
        try {
            return Fields.read(new YAMLMapper().readTree(yaml), documents::read);
        } catch (JsonProcessingException garbled) {
            throw new IllegalArgumentException("no YAML: " + yaml, garbled);
        }
    }
}
