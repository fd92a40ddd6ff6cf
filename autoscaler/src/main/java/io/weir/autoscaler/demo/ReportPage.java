package io.weir.autoscaler.demo;

import java.util.List;

/** The report as one HTML file that needs nothing else. */
public final class ReportPage {
    private static final String STYLE = """
            :root { --ink:#1d2430; --soft:#667085; --line:#e4e7ec; --paper:#ffffff; --card:#f8fafc;
                    --working:#7fb8a4; --alive:#d9e8e1; --load:#b9c4d6; --needed:#1d2430; --desired:#2f6fed; --bad:#c4320a; --mark:#b54708; }
            @media (prefers-color-scheme: dark) {
              :root { --ink:#e6e9ef; --soft:#98a2b3; --line:#2b3340; --paper:#12161d; --card:#1a2029;
                      --working:#3f7f6b; --alive:#24382f; --load:#3a4557; --needed:#e6e9ef; --desired:#7aa7ff; --bad:#ff8a65; --mark:#fdb022; } }
            body { margin:2.5rem auto; max-width:1120px; padding:0 1rem; background:var(--paper); color:var(--ink);
                   font:15px/1.5 system-ui, sans-serif; }
            h1 { font-size:1.5rem; margin:0 0 .2rem; } h2 { font-size:1.1rem; margin:2rem 0 .5rem; } p { margin:.3rem 0 1rem; color:var(--soft); }
            svg { width:100%; height:auto; display:block; } svg text { font:12px system-ui, sans-serif; fill:var(--soft); }
            .grid { stroke:var(--line); fill:none; } .alive { fill:var(--alive); } .working { fill:var(--working); }
            .load { fill:var(--load); } .needed { fill:none; stroke:var(--needed); stroke-width:1.3; }
            .desired { fill:none; stroke:var(--desired); stroke-width:1.6; }
            .mark path { stroke:var(--mark); stroke-dasharray:3 3; fill:none; } .mark circle { fill:var(--mark); } .mark text { fill:var(--paper); font-weight:700; }
            .key { display:flex; flex-wrap:wrap; gap:.3rem 1.4rem; margin:.4rem 0 0; padding:0; list-style:none; color:var(--soft); }
            .key i { display:inline-block; width:1.3rem; height:.7rem; margin-right:.4rem; vertical-align:baseline; }
            table { border-collapse:collapse; width:100%; } td, th { text-align:left; padding:.35rem .8rem .35rem 0; border-bottom:1px solid var(--line); vertical-align:top; }
            th { white-space:nowrap; font-weight:600; } .bad { color:var(--bad); font-weight:700; }
            pre { background:var(--card); border:1px solid var(--line); border-radius:6px; padding:.8rem 1rem; overflow:auto; font-size:13px; }
            """;

    private ReportPage() {}

    /** A row of the list of happenings. */
    public record Row(String time, String text) {}

    /**
     * @param svg the plot, from {@link Plot}
     * @param happenings in the order of the plot's marks
     * @param notes how the figures were made, a paragraph each
     */
    public static String of(
            String title,
            String subtitle,
            String svg,
            List<Summary.Line> summary,
            List<Row> happenings,
            List<String> commands,
            List<String> notes) {
        var page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
                .append(escaped(title))
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n<p>")
                .append(escaped(subtitle))
                .append("</p>\n")
                .append(svg)
                .append("\n<ul class=\"key\">");
        key(page, "needed", "needed: load ÷ capacity, rounded up", true);
        key(page, "desired", "desired: the size wished for", true);
        key(page, "working", "running", false);
        key(page, "alive", "booting", false);
        key(page, "load", "below: requests a minute", false);
        page.append("</ul>\n<h2>What the cloud's ledger says</h2>\n<table>");
        for (Summary.Line line : summary) {
            page.append("<tr><th>")
                    .append(escaped(line.name()))
                    .append(line.bad() ? "</th><td class=\"bad\">" : "</th><td>")
                    .append(escaped(line.text()))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n<h2>What happened on the way</h2>\n<table>");
        for (int i = 0; i < happenings.size(); i++) {
            page.append("<tr><th>")
                    .append(i + 1)
                    .append("</th><td>")
                    .append(escaped(happenings.get(i).time()))
                    .append("</td><td>")
                    .append(escaped(happenings.get(i).text()))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n<h2>To try</h2>\n<pre>")
                .append(escaped(String.join("\n", commands)))
                .append("</pre>\n<h2>How this was measured</h2>\n");
        notes.forEach(note -> page.append("<p>").append(escaped(note)).append("</p>\n"));
        return page.append("</body></html>\n").toString();
    }

    private static void key(StringBuilder page, String colour, String text, boolean isLine) {
        page.append("<li><i style=\"background:var(--")
                .append(colour)
                .append(isLine ? ");height:2px;vertical-align:middle\"></i>" : ")\"></i>")
                .append(escaped(text))
                .append("</li>");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
