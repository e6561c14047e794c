// What the page of readers needs of the scripts; see app.ts for all of them.
import "./layout/script"
