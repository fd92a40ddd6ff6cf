package io.weir.aws.fake;

import java.util.Map;

/** The texts of state reasons, after the EC2 API Reference, "StateReason". */
final class StateReasons {
    private static final Map<String, String> TEXTS = Map.of(
            "Server.InsufficientInstanceCapacity",
            "There was insufficient capacity available to satisfy the launch request.",
            "Server.InternalError",
            "An internal error caused the instance to terminate during launch.",
            "Server.SpotInstanceTermination",
            "Spot instance termination",
            "Client.InternalError",
            "A client error caused the instance to terminate during launch.",
            "Client.InvalidSnapshot.NotFound",
            "The specified snapshot was not found.",
            "Client.VolumeLimitExceeded",
            "The limit on the number of EBS volumes or total storage was exceeded.",
            "Client.UserInitiatedShutdown",
            "User initiated shutdown");

    private StateReasons() {}

    static String text(String code) {
        return TEXTS.getOrDefault(code, code);
    }
}
