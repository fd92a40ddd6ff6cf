package io.weir.openstack.recorded;

import java.util.LinkedHashMap;
import java.util.Map;

/** A row of requests that is sent to a real cloud and to the fake alike. It takes away what it made. */
interface Scenario {

    void play(Wire wire);

    /** All of them, by the name of their recording. */
    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.putAll(IdentityScenarios.all());
        all.putAll(ComputeScenarios.all());
        all.putAll(RefusalScenarios.all());
        all.putAll(NetworkScenarios.all());
        all.putAll(VolumeScenarios.all());
        all.putAll(FaultScenarios.all());
        return all;
    }
}
