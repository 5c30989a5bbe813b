import numpy as np

from mindspore import Tensor, nn


class RNN(nn.Cell):
    def __init__(self, embeddings, hidden_dim, output_dim, n_layers, bidirectional, pad_idx):
        super().__init__()
        vocab_size, embedding_dim = embeddings.shape
        self.embedding = nn.Embedding(
            vocab_size, embedding_dim, embedding_table=Tensor(embeddings), padding_idx=pad_idx
        )
        self.rnn = nn.LSTM(
            embedding_dim, hidden_dim, num_layers=n_layers, bidirectional=bidirectional, batch_first=True
        )
        self.fc = nn.Dense(hidden_dim * 2, output_dim)


net = RNN(np.zeros((100, 16), np.float32), 32, 1, 2, True, 0)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
