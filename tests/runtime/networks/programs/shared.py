from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        shared = nn.Dense(2, 2)
        self.a = shared
        self.b = shared
        self.emb = nn.Embedding(3, 2)
        self.head = nn.Dense(2, 3, has_bias=False)
        self.head.weight = self.emb.embedding_table
        self.seq = nn.SequentialCell(shared, nn.Dense(1, 1))


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
