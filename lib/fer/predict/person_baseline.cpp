#include "fer/predict/person_baseline.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/image/image.h"
#include "fer/predict/frame_work.h"

namespace fer::predict {

namespace {

constexpr double kLeastProbability = 1e-12;

std::vector<double> mean_of(const std::vector<std::vector<float>>& rows) {
  std::vector<double> mean(rows.front().size(), 0.0);
  for (const std::vector<float>& row : rows) {
    for (std::size_t c = 0; c < mean.size(); ++c) {
      mean[c] += double{row[c]} / static_cast<double>(rows.size());
    }
  }
  return mean;
}

void move_row(std::vector<float>& row, const std::vector<double>& offsets) {
  double sum = 0.0;
  std::vector<double> moved(row.size());
  for (std::size_t c = 0; c < row.size(); ++c) {
    sum += moved[c] = double{row[c]} * std::exp(offsets[c]);
  }
  for (std::size_t c = 0; c < row.size(); ++c) row[c] = static_cast<float>(moved[c] / sum);
}

// The probabilities of a picture's only face.
std::vector<float> resting_row(const std::string& picture, const std::string& field,
                               const infer::ClassifyFaces& classify, FaceFinder& finder) {
  FrameWork work;
  source::Frame& frame = work.prediction.frame;
  frame.source = picture;
  frame.image = image::read_image(picture);
  frame.size = frame.image.size();
  finder.find(work);
  if (frame.failed()) throw OptionError(field, frame.error);
  const std::size_t faces = work.prediction.faces.size();
  if (faces != 1) {
    throw OptionError(field, picture,
                      "has " + counted(static_cast<std::int64_t>(faces), "face") +
                          "; allowed: pictures of the person's resting face alone");
  }
  classify_frames(std::span(&work, 1), classify);
  return work.prediction.faces.front().probabilities;
}

std::string offsets_text(const std::vector<double>& offsets, const LabelSet& labels) {
  std::vector<std::string> parts;
  for (std::size_t c = 0; c < offsets.size(); ++c) {
    parts.push_back(labels.name(c) + " " + (offsets[c] < 0.0 ? "" : "+") + fixed(offsets[c], 2));
  }
  return join(parts, ", ");
}

}  // namespace

std::vector<double> person_offsets(const std::vector<std::vector<float>>& resting,
                                   std::size_t neutral) {
  constexpr double kLeastNeutral = 0.5;
  const std::vector<double> mean = mean_of(resting);
  const double wanted = std::max(mean[neutral], kLeastNeutral);
  const double others = (1.0 - wanted) / static_cast<double>(mean.size() - 1);
  std::vector<double> offsets;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double target = std::max(c == neutral ? wanted : others, kLeastProbability);
    const double offset = std::log(target / std::max(mean[c], kLeastProbability));
    offsets.push_back(std::clamp(offset, -kMostOffset, kMostOffset));
  }
  return offsets;
}

infer::ClassifyFaces with_offsets(infer::ClassifyFaces classify, std::vector<double> offsets) {
  WantedFaces wanted = classify.wanted();
  return {std::move(wanted), [classify = std::move(classify), offsets = std::move(offsets)](
                                 FacesView faces, std::span<const FaceCuts> cuts) {
            infer::ClassifyFaces::Rows rows = classify(faces, cuts);
            for (std::vector<float>& row : rows) move_row(row, offsets);
            return rows;
          }};
}

infer::ClassifyFaces relative_to_person(const std::vector<std::string>& pictures,
                                        const std::string& field, const LabelSet& labels,
                                        const infer::ClassifyFaces& classify, FaceFinder& finder,
                                        Log& log) {
  const auto neutral = labels.find("neutral");
  if (!neutral) {
    throw OptionError(
        field, "needs a model with the class neutral; this one has " + join(labels.names(), ", "));
  }
  std::vector<std::vector<float>> resting;
  for (const std::string& picture : pictures) {
    resting.push_back(resting_row(picture, field, classify, finder));
  }
  std::vector<double> offsets = person_offsets(resting, *neutral);
  log.info("relative to " + counted(std::ssize(pictures), "picture") +
           " of the person's resting face; logits move by: " + offsets_text(offsets, labels));
  if (offsets[*neutral] >= kMostOffset) {
    log.warn(option(field) + ": the model hardly takes these faces for neutral; are they at rest?");
  }
  return with_offsets(classify, std::move(offsets));
}

}  // namespace fer::predict
