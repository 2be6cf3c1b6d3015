#include "fer/eval/fitted_weights.h"

#include "fer/core/text.h"
#include "fer/eval/evaluate.h"
#include "fer/eval/seen_images.h"
#include "fer/metrics/mixture_weights.h"

namespace fer::eval {

std::vector<double> fitted_weights(const std::vector<nn::NamedModel>& models,
                                   const StudyImages& val, std::int64_t batch_size, infer::Tta tta,
                                   Log& log) {
  std::vector<at::Tensor> rows;
  std::vector<metrics::ScoredSamples> samples;
  for (const nn::NamedModel& model : models) {
    rows.push_back(
        evaluate(model.model, val.set_of(model.model.info), batch_size, tta).probabilities);
    samples.push_back(scored(rows.back(), val.set()));
  }
  const metrics::MixtureFit fit = metrics::fit_mixture_weights(samples);
  std::vector<std::string> words;
  for (const double weight : fit.weights) words.push_back(fixed(weight, 3));
  log.info("weights fitted on " + grouped(val.size()) + " validation images: " + join(words, ", ") +
           " (NLL " + fixed(fit.nll_equal, 4) + " -> " + fixed(fit.nll, 4) + ")");
  const auto seen = count_seen(val, models, rows.front());
  if (seen && seen->seen > 0) {
    log.warn(grouped(seen->seen) +
             " of the images that the weights are fitted on are training images of a model "
             "of the ensemble, whose weight is therefore too high");
  }
  return fit.weights;
}

}  // namespace fer::eval
