#include "fer/eval/calibrate_model.h"

#include <ATen/Functions.h>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/equal_images.h"
#include "fer/data/vote_targets.h"
#include "fer/eval/evaluate.h"

namespace fer::eval {

std::span<const std::string_view> choice_names(CalibrationTruth) {
  static constexpr std::string_view kNames[] = {"labels", "votes"};
  return kNames;
}

namespace {

struct CountedFit {
  metrics::TemperatureFit fit;
  std::int64_t images = 0;  // that it was fitted on
};

// Fits to the votes on the images that FERPlus' rules keep, with the fractions of votes as the
// truth.
CountedFit fit_to_votes(const at::Tensor& probabilities, const data::FaceSet& set,
                        const std::string& set_name) {
  if (!set.votes.defined()) {
    throw Error("calibrating to votes: the " + set_name + " images of " + set.source +
                " have no votes; name FER+'s CSV by " + option("ferplus"));
  }
  const data::VoteTargets votes =
      data::vote_targets(set.votes, set.label_set, data::VoteMode::crossentropy);
  const at::Tensor rows = votes.kept.nonzero().flatten();
  if (rows.size(0) == 0) {
    throw Error("calibrating to votes: no " + set_name + " image of " + set.source +
                " has votes that agree");
  }
  const at::Tensor kept = probabilities.index_select(0, rows).contiguous();
  const at::Tensor targets = votes.targets.index_select(0, rows).contiguous();
  const auto values = [](const at::Tensor& tensor) {
    return std::span(tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
  };
  return {metrics::fit_temperature(metrics::ProbabilityRows(values(kept), set.label_set.size()),
                                   values(targets)),
          rows.size(0)};
}

void log_calibration(const Calibration& calibration, bool usable, std::int64_t images,
                     const std::string& set_name, const std::string& path, Log& log) {
  const metrics::TemperatureFit& fit = calibration.fit;
  log.info("temperature " + fixed(calibration.temperature, 4) +
           (usable ? " fitted on " + grouped(images) + " " + set_name + " images: NLL " +
                         fixed(fit.nll_before, 4) + " -> " + fixed(fit.nll_after, 4)
                   : " kept") +
           "; written to " + path);
  constexpr std::int64_t kFewImages = 100;
  if (usable && images < kFewImages) {
    log.warn("a temperature fitted on " + grouped(images) +
             " images is not reliable; some hundred are needed");
  }
  if (!usable) {
    log.warn("no temperature fits the " + grouped(images) + " " + set_name +
             " images: they are too few, all right or all wrong");
  }
}

}  // namespace

Calibration calibrate_model(const nn::NamedModel& named, const data::FaceSet& set,
                            const std::string& set_name, const CalibrationOptions& options,
                            std::int64_t batch_size, Log& log) {
  const at::Tensor probabilities = evaluate(named.model, set, batch_size).probabilities;
  const auto [fit, images] =
      options.truth == CalibrationTruth::labels
          ? CountedFit{metrics::fit_temperature(scored(probabilities, set)), set.size()}
          : fit_to_votes(probabilities, set, set_name);
  model::ModelInfo info = model::read_model(named.path).info;
  // Multiplied, because the probabilities already include the model's temperature.
  const double temperature = info.temperature * fit.temperature;
  const bool usable = !fit.at_bound && temperature >= model::kLeastTemperature &&
                      temperature <= model::kMostTemperature;
  if (usable) {
    info.temperature = temperature;
    std::vector<std::uint64_t>& chosen = info.training.selection_hashes;
    chosen = data::united(chosen, data::distinct_hashes(set.images));
  }
  if (!options.licence.empty()) info.licence = options.licence;
  model::rewrite_model(named.path, info, options.store, options.output,
                       options.replace ? Existing::replaced : Existing::kept);
  const Calibration calibration{fit, info.temperature};
  log_calibration(calibration, usable, images, set_name, options.output, log);
  return calibration;
}

}  // namespace fer::eval
