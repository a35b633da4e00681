require("./tools/run-folder.cjs").runFolder("resources");
