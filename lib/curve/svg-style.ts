/** Light, unless the reader's system is dark. Lines differ in dashes and marks in form; colour alone tells nothing. */
export const SVG_STYLE = `<style>
.paper{fill:#fff}
text{fill:#1c1c1c;font:13px system-ui,sans-serif}
.title{font-size:17px;font-weight:600}
.grid{stroke:#dcdcdc;fill:none}
.axis{stroke:#1c1c1c;fill:none}
.area{fill:#1f5fa8;fill-opacity:.12}
.envelope{stroke:#1f5fa8;stroke-width:2.5;fill:none}
.fit{stroke:#a33b00;stroke-width:1.8;stroke-dasharray:8 4;fill:none}
.cp{stroke:#a33b00;stroke-width:1.8;stroke-dasharray:2 4;fill:none}
.mark{stroke:#6a6a6a;fill:none}
.on{stroke:#1f5fa8;fill:#1f5fa8}
@media(prefers-color-scheme:dark){
.paper{fill:#141414}
text{fill:#eaeaea}
.grid{stroke:#363636}
.axis{stroke:#eaeaea}
.area{fill:#7db4f0}
.envelope{stroke:#7db4f0}
.fit,.cp{stroke:#ff9d66}
.mark{stroke:#a8a8a8}
.on{stroke:#7db4f0;fill:#7db4f0}
}
</style>`
