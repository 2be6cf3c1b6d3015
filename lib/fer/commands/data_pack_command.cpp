#include <string>

#include "fer/commands/data_command.h"
#include "fer/commands/exit_code.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/data/open_data.h"
#include "fer/data/pack_set.h"

namespace fer::commands {

void DataPackOptions::visit(OptionVisitor& visitor) {
  data.visit_sets(visitor);
  visitor.group("Output");
  visitor.field(Field("output", "File to write, which " + option("data") +
                                    " then takes; an existing file is an error")
                    .file()
                    .essential()
                    .needed(),
                output);
  visitor.field(
      Field("shuffle", "Write the images in a random order (" + option("seed") +
                           "), so that reading the file from front to back mixes the classes"),
      shuffle);
  common.visit(visitor, {.threads = true, .seed = true});
}

namespace {

int interrupted(const std::string& output, Console& console) {
  const std::string part = output + ".part";
  console.warn("interrupted; " + (path_exists(part)
                                      ? part + " is kept, and the same command goes on with it"
                                      : std::string("nothing was written")));
  return kExitInterrupted;
}

}  // namespace

int run_data_pack(const DataPackOptions& options, Console& console) {
  if (path_exists(options.output)) {
    throw OptionError("output", options.output, "already exists; nothing is overwritten");
  }
  check_writable(options.output);
  const data::OpenedData opened =
      data::read_data(options.data, options.common.thread_count(), {}, data::Decoding::when_asked);
  for (const std::string& note : opened.notes) console.info(note);
  const data::FaceSet& set = opened.set;
  data::PackOptions how;
  how.shuffle = options.shuffle;
  how.seed = options.common.seed;
  how.threads = options.common.thread_count();
  const auto packed = data::pack_set(options.output, set, how, console, console.stop_requested());
  if (!packed) return interrupted(options.output, console);
  for (const std::string& note : {packed->stretched, packed->skipped}) {
    if (!note.empty()) console.info(note);
  }
  const data::FaceSet written = packed->skipped.empty() ? set : set.select(packed->rows);
  console.info(set.source + ": packed " + written.describe_splits() +
               (set.votes.defined() ? ", with FER+ votes" : ""));
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
