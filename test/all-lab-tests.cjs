require("./tools/run-folder.cjs").runFolder("lab");
