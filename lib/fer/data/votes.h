// FER+'s votes (Barsoum et al. 2016): ten people said of each image of FER2013 what they see in it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fer::data {

// The columns of fer2013new.csv in its order: eight emotions, then "unknown" and "not a face".
inline constexpr std::array<std::string_view, 10> kVoteNames = {
    "neutral", "happiness", "surprise", "sadness", "anger",
    "disgust", "fear",      "contempt", "unknown", "NF"};
inline constexpr std::size_t kVoteColumns = kVoteNames.size();
inline constexpr std::size_t kVoteEmotions = 8;

// Most votes one column of an image may have. FER+ asked ten people; others may ask more.
inline constexpr unsigned kMostVotes = 100;

}  // namespace fer::data
