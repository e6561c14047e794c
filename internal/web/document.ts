// What the page of a post-mortem needs of the scripts; see app.ts for all of them.
import "./layout/script"
import "./postmortem/script"
import "./analysis/script"
import "./moments/script"
import "./review/script"
