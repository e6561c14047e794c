import "./layout/script"
import "./postmortem/script"
import "./create/script"
import "./analysis/script"
