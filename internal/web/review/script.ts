// What stands beside the text is loaded for those who take part, and nobody else.
if (document.querySelector("hc-threads")) void import("./beside")
