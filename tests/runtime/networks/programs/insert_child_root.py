from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        for i in range(3):
            self.insert_child_to_cell(f"layer{i}", nn.SequentialCell(nn.Dense(2, 2), nn.ReLU()))
        self.fc = nn.Dense(2, 2)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
