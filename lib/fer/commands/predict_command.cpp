#include "fer/commands/predict_command.h"

#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fer/commands/exit_code.h"
#include "fer/core/atomic_stream.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/shard.h"
#include "fer/model/named_models.h"
#include "fer/predict/person_baseline.h"
#include "fer/predict/session_parts.h"

namespace fer::commands {

namespace {

namespace fs = std::filesystem;

predict::StabilizerOptions stabilizer_options(const PredictOptions& options) {
  predict::StabilizerOptions labels;
  labels.least_probability = options.min_confidence;
  labels.smoothing.time_constant_s = options.smooth;
  if (options.smooth == 0.0) labels.smoothing.lead = labels.smoothing.lead_time_s = 0.0;
  return labels;
}

Shard wanted_shard(const PredictOptions& options) { return shard_of(options.shard, environment()); }

// The path of this shard's part of `path`; empty if `path` is empty.
fs::path output_of_shard(const std::string& path, const PredictOptions& options) {
  if (path.empty() || options.shard.empty()) return path;
  return path_of_shard(path, wanted_shard(options));
}

predict::SessionOptions session_options(const PredictOptions& options) {
  predict::SessionOptions session;
  session.reading.shard = wanted_shard(options);
  session.sources = options.sources;
  session.reading.every = options.every;
  session.reading.recursive = options.recursive;
  session.reading.videos = options.videos;
  session.reading.reconnect_s = options.reconnect;
  session.detector = options.faces.detector_options();
  session.detector.precision = infer::precision_of_detectors(options.precision);
  session.crop_factor = options.crop_margin;
  session.align = options.faces.align;
  session.small_faces = options.faces.small_faces;
  session.track = options.track;
  session.labels = stabilizer_options(options);
  session.threads = options.common.thread_count();
  session.batch_frames = static_cast<std::size_t>(options.batch_size);
  session.format = options.results_format();
  session.top = options.top;
  session.output = output_of_shard(options.output, options);
  session.save_crops = output_of_shard(options.save_crops, options);
  session.explain = output_of_shard(options.explain, options);
  session.features = output_of_shard(options.features, options);
  if (options.show) session.window = "fer-predict";
  session.stats = options.stats;
  session.log_failures = session.format != "text" || !options.results_file().empty();
  return session;
}

void refuse_to_overwrite_sources(const PredictOptions& options) {
  for (const auto& [field, path] :
       {std::pair{"output", output_of_shard(options.output, options)},
        std::pair{"results", output_of_shard(options.results_file(), options)},
        std::pair{"features", output_of_shard(options.features, options)}}) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) continue;
    for (const std::string& source : options.sources) {
      if (!fs::equivalent(path, source, ignored)) continue;
      throw OptionError(field, path.string(), "is the source itself; name another file");
    }
  }
}

std::string precision_text(const std::vector<model::NamedModel>& models, infer::Precision wanted) {
  std::vector<runtime::Precision> precisions;
  for (const model::NamedModel& named : models) {
    precisions.push_back(infer::resolved(wanted, named.model.info, named.path.string()));
  }
  return "faces are classified in " + infer::names_of(precisions) + " by " +
         std::string(runtime::name_of(runtime::chosen_instructions()));
}

// Does not write partial results of files, which could be taken for all. A camera ends only by
// being stopped, so its results are whole.
void keep_results(AtomicStream& file, const fs::path& path, bool whole, Console& console) {
  if (!whole) {
    console.warn(path.string() + " is not written, because the run ended early");
    return;
  }
  file.commit();
  console.info(path.string() + " holds the results");
}

}  // namespace

int predict_sources(const PredictOptions& options, predict::FaceModel model, std::istream& names,
                    Console& console) {
  refuse_to_overwrite_sources(options);
  const fs::path results_path = output_of_shard(options.results_file(), options);
  std::optional<AtomicStream> file;
  if (!results_path.empty()) file.emplace(results_path);
  std::ostream& results = file ? *file : console.results();
  predict::PredictionSession session(session_options(options), std::move(model),
                                     {names, results, console, console.stop_requested()});
  const predict::SessionEnd end = session.run();
  if (file) keep_results(*file, results_path, session.live() || session.read_all(), console);
  switch (end) {
    case predict::SessionEnd::complete:
      return 0;
    case predict::SessionEnd::failures:
      return 1;
    case predict::SessionEnd::stopped:
      break;
  }
  return kExitInterrupted;
}

int run_predict(const PredictOptions& options, Console& console) {
  options.validate();
  model::OnnxSpecs specs(options.spec);
  const std::vector<model::NamedModel> models = model::load_models(options.model, "model", &specs);
  specs.check_all_taken();
  if (options.stats) console.info(precision_text(models, options.precision));
  predict::FaceModel model{
      models.front().model.info.labels,
      infer::classify_with(models, options.tta, options.common.thread_count(), options.precision),
      options.explain.empty() ? nullptr : infer::explain_with(models)};
  if (!options.features.empty()) {
    model.features = infer::features_with(models, model.classify.wanted());
  }
  if (!options.person_baseline.empty()) {
    const auto finder =
        predict::open_finder(session_options(options), model.classify.wanted(), 1, console);
    model.classify = predict::relative_to_person(options.person_baseline, "person_baseline",
                                                 model.labels, model.classify, *finder, console);
  }
  return predict_sources(options, std::move(model), std::cin, console);
}

}  // namespace fer::commands
