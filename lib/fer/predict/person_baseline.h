// Probabilities relative to one person's own resting face. To a network some resting faces look sad
// or angry, and its results for all pictures of that person lean the same way.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/core/log.h"
#include "fer/infer/classify_faces.h"
#include "fer/predict/face_finder.h"

namespace fer::predict {

// The most by which a logit is moved, a factor of 7.4 between probabilities, because a few pictures
// say little about classes that are improbable in all of them.
inline constexpr double kMostOffset = 2.0;

// The numbers to add to the logits of the classes. With them, the resting face, which has these
// probabilities ([C], one row a picture), is neutral with the mean of its probabilities for
// neutral, at least 1/2, and all other classes are equally probable on it. neutral: the number of
// that class.
std::vector<double> person_offsets(const std::vector<std::vector<float>>& resting,
                                   std::size_t neutral);

// softmax(log p + offset), each row.
infer::ClassifyFaces with_offsets(infer::ClassifyFaces classify, std::vector<double> offsets);

// `classify` relative to the resting face in these pictures, each of which has one face. Logs the
// offsets. `field`: the option that names the pictures. @throws fer::Error for a picture that
// cannot be read or does not have exactly one face, and if there is no class neutral.
infer::ClassifyFaces relative_to_person(const std::vector<std::string>& pictures,
                                        const std::string& field, const LabelSet& labels,
                                        const infer::ClassifyFaces& classify, FaceFinder& finder,
                                        Log& log);

}  // namespace fer::predict
