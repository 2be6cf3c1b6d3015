#include <vector>

#include "fer/commands/data_command.h"
#include "fer/core/merge_shards.h"
#include "fer/core/text.h"

namespace fer::commands {

void DataMergeOptions::visit(OptionVisitor& visitor) {
  visitor.group("Input");
  visitor.field(Field("parts",
                      "Results of all shards, named as fer-predict --shard names them: "
                      "faces.03-of-16.jsonl, or .csv")
                    .file("PART")
                    .as_arguments()
                    .needed()
                    .essential(),
                parts);
  visitor.field(Field("allow_missing", "Join the shards that are there, and warn of the others"),
                allow_missing);
  visitor.group("Output");
  visitor.field(
      Field("output",
            "File to write; default: the parts' name without the shard's number, as in faces.jsonl")
          .file()
          .essential()
          .without_default(),
      output);
  common.visit(visitor, {});
}

int run_data_merge(const DataMergeOptions& options, Console& console) {
  const MergedShards merged = merge_shards({options.parts.begin(), options.parts.end()},
                                           options.output, options.allow_missing);
  if (!merged.missing.empty()) {
    console.warn("left out, because they are missing: shards " + ranges_text(merged.missing));
  }
  console.info(counted(merged.parts, "shard") + ", " + counted(merged.records, "record") +
               (merged.sorted ? ", in the order of their sources' names"
                              : ", shard by shard, because they are not in the order of names"));
  console.results() << merged.output.string() << '\n';
  return 0;
}

}  // namespace fer::commands
