#include "fer/metrics/ranking.h"

#include <algorithm>
#include <string>

#include "fer/core/error.h"

namespace fer::metrics {

namespace {

// The counts if all samples of at least this probability are called `label`.
struct Step {
  double threshold = 0.0;
  double hits = 0.0;    // samples of the class
  double others = 0.0;  // samples of other classes

  double precision() const { return hits / (hits + others); }
};

// One step per distinct probability, from the highest to the lowest; the last one has all samples.
std::vector<Step> steps_down(const ScoredSamples& samples, std::size_t label) {
  if (label >= samples.classes()) {
    throw Error("ranking: there is no class " + std::to_string(label) + "; there are " +
                std::to_string(samples.classes()) + ", numbered from 0");
  }
  struct Scored {
    double probability;
    bool hit;
  };
  std::vector<Scored> scored(samples.size());
  for (std::size_t i = 0; i < scored.size(); ++i) {
    scored[i] = {samples.probability(i, label), samples.truth(i) == label};
  }
  std::sort(scored.begin(), scored.end(),
            [](const Scored& a, const Scored& b) { return a.probability > b.probability; });
  std::vector<Step> steps;
  Step now;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    (scored[i].hit ? now.hits : now.others) += 1.0;
    now.threshold = scored[i].probability;
    if (i + 1 == scored.size() || scored[i + 1].probability != now.threshold) steps.push_back(now);
  }
  return steps;
}

}  // namespace

RankingScores ranking_scores(const ScoredSamples& samples, std::size_t label) {
  const std::vector<Step> steps = steps_down(samples, label);
  const Step all = steps.back();
  double precisions = 0.0;  // summed over the samples of the class
  double pairs_won = 0.0;
  Step before;
  for (const Step& step : steps) {
    precisions += (step.hits - before.hits) * step.precision();
    pairs_won += (step.others - before.others) * (step.hits + before.hits) / 2.0;
    before = step;
  }
  RankingScores scores;
  if (all.hits > 0.0) scores.average_precision = precisions / all.hits;
  if (all.hits > 0.0 && all.others > 0.0) scores.roc_auc = pairs_won / (all.hits * all.others);
  return scores;
}

std::vector<PrecisionRecallPoint> precision_recall_curve(const ScoredSamples& samples,
                                                         std::size_t label) {
  const std::vector<Step> steps = steps_down(samples, label);
  const double hits = steps.back().hits;
  std::vector<PrecisionRecallPoint> curve;
  if (hits == 0.0) return curve;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool inside = i > 0 && i + 1 < steps.size() && steps[i - 1].hits == steps[i].hits &&
                        steps[i + 1].hits == steps[i].hits;
    if (inside) continue;
    curve.push_back({steps[i].threshold, steps[i].precision(), steps[i].hits / hits});
  }
  return curve;
}

double top_k_accuracy(const ScoredSamples& samples, std::size_t k) {
  if (k == 0) throw Error("top-k accuracy: k is 0; needed is at least 1");
  std::size_t found = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples.rank(i, samples.truth(i)) < k) ++found;
  }
  return static_cast<double>(found) / static_cast<double>(samples.size());
}

}  // namespace fer::metrics
