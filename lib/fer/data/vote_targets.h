// Training targets from FER+'s votes, after Barsoum et al. 2016, "Training Deep Networks for Facial
// Expression Recognition with Crowd-Sourced Label Distribution", and the code published with it.
#pragma once

#include <ATen/core/Tensor.h>

#include "fer/core/label_set.h"
#include "fer/data/face_set.h"

namespace fer::data {

enum class VoteMode {
  majority,      // one-hot: the emotion with more than half of the votes
  probability,   // a distribution, from which the trainer draws a one-hot target each epoch
  crossentropy,  // that distribution itself as the target
};

struct VoteTargets {
  at::Tensor targets;  // float32 [N,C], CPU; rows sum to 1, or are 0 for dropped images
  at::Tensor kept;     // bool [N], CPU
};

// votes: uint8 [N,10], columns in the order of kVoteNames, CPU.
//
// A single vote for an emotion counts as a slip and is dropped. `majority` then takes the emotion
// with more than half of the remaining votes. The other modes take the most voted emotions in turn,
// those with equal votes together, until three quarters of the votes are covered or three emotions
// are taken; "unknown" and "not a face" end the taking. An image is dropped if these two come
// first, if no more than half of the votes are covered, and if ties take more than three emotions.
// Emotions that are not in `labels` (contempt, for FER2013's seven) lose their votes at the end; if
// nothing else is left, the image is dropped. @throws fer::Error if `labels` has a class that FER+
// did not ask for.
VoteTargets vote_targets(const at::Tensor& votes, const LabelSet& labels, VoteMode mode);

// Whether FER+ asked for every one of these classes.
bool voted_on(const LabelSet& labels);

// The images of a set on which FER+ has a majority for one of `labels`, with these classes and
// labelled by it, after FERPlus' own rules (VoteMode::majority). Images without such a majority,
// and of emotions that `labels` lacks (contempt, for FER2013's seven), are left out.
struct MajoritySet {
  FaceSet set;
  at::Tensor rows;  // int64 [M], their places in the set they come from
};
// The set must have votes. @throws fer::Error where `labels` has a class that FER+ does not ask
// for.
MajoritySet with_majority_labels(const FaceSet& set, const LabelSet& labels);

}  // namespace fer::data
