# What predicts without LibTorch and OpenCV: it needs a compiler and nlohmann's JSON header, so that it
# also builds for other machines (preset aarch64).

add_library(fer_core STATIC
  fer/core/address.cpp
  fer/core/class_colours.cpp
  fer/core/config_file.cpp
  fer/core/data_folders.cpp
  fer/core/display_text.cpp
  fer/core/files.cpp
  fer/core/hash.cpp
  fer/core/label_set.cpp
  fer/core/option_error.cpp
  fer/core/option_spelling.cpp
  fer/core/option_table.cpp
  fer/core/options.cpp
  fer/core/parallel.cpp
  fer/core/processor.cpp
  fer/core/protobuf.cpp
  fer/core/random.cpp
  fer/core/safetensors_file.cpp
  fer/core/text.cpp
  fer/core/version.cpp
  fer/nn/net_options.cpp
  fer/model/model_info.cpp)
add_library(fer::fer_core ALIAS fer_core)
target_include_directories(fer_core PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                           $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>
                                           $<INSTALL_INTERFACE:include>)
target_compile_features(fer_core PUBLIC cxx_std_20)  # the public headers, too
target_include_directories(fer_core PRIVATE ${XXHASH_INCLUDE_DIR})
# Where data lie in an installed prefix, seen from its programs and libraries (core/data_folders.h).
include(GNUInstallDirs)
foreach(place BIN LIB)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_DATADIR BASE_DIRECTORY "${CMAKE_INSTALL_FULL_${place}DIR}"
             OUTPUT_VARIABLE data_from_${place})
endforeach()
set_source_files_properties(fer/core/data_folders.cpp PROPERTIES COMPILE_DEFINITIONS
  "FER_DATA_FROM_BIN=\"${data_from_BIN}/fer\";FER_DATA_FROM_LIB=\"${data_from_LIB}/fer\";FER_DATA_OF_PREFIX=\"${CMAKE_INSTALL_FULL_DATADIR}/fer\"")
set_source_files_properties(fer/core/version.cpp PROPERTIES
  COMPILE_DEFINITIONS FER_PROJECT_VERSION="${PROJECT_VERSION}")
target_link_libraries(fer_core PUBLIC $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> Threads::Threads
                               PRIVATE $<BUILD_INTERFACE:fer_warnings> ${CMAKE_DL_LIBS})

add_library(fer_graph STATIC
  fer/graph/architectures.cpp
  fer/graph/builder.cpp
  fer/graph/graph.cpp
  fer/graph/onnx_elements.cpp
  fer/graph/onnx_file.cpp
  fer/graph/onnx_graph.cpp
  fer/graph/onnx_layouts.cpp
  fer/graph/onnx_products.cpp
  fer/graph/plain_nets.cpp
  fer/graph/resnet.cpp
  fer/graph/weights.cpp)
add_library(fer::fer_graph ALIAS fer_graph)
target_link_libraries(fer_graph PUBLIC fer_core PRIVATE $<BUILD_INTERFACE:fer_warnings>)

add_library(fer_runtime STATIC
  fer/runtime/conv_layer.cpp
  fer/runtime/cpu.cpp
  fer/runtime/executable.cpp
  fer/runtime/layers.cpp
  fer/runtime/lowering.cpp
  fer/runtime/team.cpp
  fer/runtime/kernels/baseline.cpp
  fer/runtime/kernels/table.cpp)
add_library(fer::fer_runtime ALIAS fer_runtime)
target_link_libraries(fer_runtime PUBLIC fer_graph PRIVATE $<BUILD_INTERFACE:fer_warnings>)
# The inner loops, once a set of instructions; which ones run is decided by the processor at hand.
set(instructions_baseline "")
set(instructions_avx2 "-mavx2;-mfma")
set(instructions_avx512 "-mavx512f;-mavx512bw;-mavx512vl;-mavx512dq;-mfma;-mprefer-vector-width=512")
set(instructions_avx512_bf16 "${instructions_avx512};-mavx512bf16")
set(instructions_avx512_amx "${instructions_avx512_bf16};-mamx-tile;-mamx-bf16")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  target_sources(fer_runtime PRIVATE fer/runtime/kernels/avx2.cpp fer/runtime/kernels/avx512.cpp
                                     fer/runtime/kernels/avx512_amx.cpp
                                     fer/runtime/kernels/avx512_bf16.cpp)
  target_compile_definitions(fer_runtime PRIVATE FER_X86_KERNELS=1)
endif()
foreach(name baseline avx2 avx512 avx512_bf16 avx512_amx)
  set_source_files_properties(fer/runtime/kernels/${name}.cpp PROPERTIES
    COMPILE_OPTIONS "-O3;-ffp-contract=fast;${instructions_${name}}")
endforeach()
# Their sources are quick to compile, and kernels share names.
set_target_properties(fer_core fer_graph fer_runtime PROPERTIES UNITY_BUILD OFF)
