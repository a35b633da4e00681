require("./tools/run-folder.cjs").runFolder("unit");
