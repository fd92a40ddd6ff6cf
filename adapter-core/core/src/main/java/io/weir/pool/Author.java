package io.weir.pool;

/** Who asked for something: a certificate's role and name, or Weir itself. */
public record Author(String role, String name) {
    public static final Author WEIR = new Author("weir", "itself");

    public boolean isAutoscaler() {
        return role.equals("autoscaler");
    }

    @Override
    public String toString() {
        return role + "/" + name;
    }
}
