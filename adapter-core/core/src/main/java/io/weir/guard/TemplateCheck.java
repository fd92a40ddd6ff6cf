package io.weir.guard;

import io.weir.cloud.Check;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.TemplateProblems;
import io.weir.pool.PoolDocument;
import io.weir.pool.Template;

/** Whether a cloud can serve a document, as a line of {@code weir check}. It asks and changes nothing. */
public final class TemplateCheck {
    private TemplateCheck() {}

    /** @throws CloudException the cloud does not say */
    public static Check of(String name, CloudDriver driver, PoolDocument document) throws CloudException {
        try {
            Template template = driver.resolve(document);
            return template.choices().isEmpty()
                    ? Check.bad(name, "there is no choice to launch with", "allow more machineTypes or zones")
                    : Check.good(
                            name,
                            template.choices().size() + " choices, the first "
                                    + template.choices().getFirst().key() + ", in " + template.region());
        } catch (TemplateProblems problems) {
            return Check.bad(
                    name,
                    String.join(
                            "\n",
                            problems.problems().stream()
                                    .map(TemplateProblems.Problem::toString)
                                    .toList()),
                    "mend the pool's document");
        }
    }
}
